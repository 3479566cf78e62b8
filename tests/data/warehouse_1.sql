-- A submission of four messages as the first schema (sql/schema/001, 002) held it. All invented.
INSERT INTO core.submission VALUES (
    unhex('a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1'), unhex('c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1'),
    'E23000001', 'own_messages', TIMESTAMP '2026-11-01 12:00:00', 'rows', 'file',
    MAP {'candour': '0.0.1', 'classifier': 'risks-0', 'deidentifier': 'names-0'},
    6, 6, 0, 6, 1, 1, 4, 1, TIMESTAMP '2026-11-01 12:30:00'
);

INSERT INTO core.message
SELECT unhex('a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1'), row_no, unhex('c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1'),
       unhex('b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1'), unhex('d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1'),
       'E23000001', 'whatsapp', 'own_messages', '3-9', DATE '2026-10-05', 9, 'text', text,
       length(coalesce(text, 'fifteen letters')), MAP([], [])::MAP(VARCHAR, UINTEGER),
       MAP {'OPS': 0.125, 'VIOL': 0.125}, flags, if(len(flags) = 0, NULL, false),
       unhex(repeat(printf('e%d', row_no), 8)), false,
       MAP {'candour': '0.0.1', 'classifier': 'risks-0', 'deidentifier': 'names-0'}
FROM (VALUES
    (0, 'late turn again', []::VARCHAR[]),
    (1, 'give her a slap', ['VIOL']),
    (2, '<UNPROCESSED>', []),
    (3, NULL, ['OPS'])
) AS said (row_no, text, flags);
