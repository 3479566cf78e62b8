DELETE FROM release_group
