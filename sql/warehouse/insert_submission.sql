-- Record a submission, or that it was staged again.
INSERT OR REPLACE INTO core.submission VALUES (
    $submission_key, $contributor_key, $force_code, $scope, $received_at,
    $shard, $file_sha256, $model_versions,
    $lines_in, $lines_in_messages, $lines_rejected,
    $messages, $system, $other_members, $staged, $unprocessed,
    now() AT TIME ZONE 'UTC',
    $other_language
);
