// 密钥标识 — Store the fingerprint of the key of confidential values if there is none yet, and return the stored one.
// It is not stored while another writer works, which may seal values in another way.
// @params mark, token
// @returns mark
MERGE (w:Writer {name: 'import'})
ON CREATE SET w.token = ''
SET w.seal = coalesce(w.seal, CASE WHEN $mark <> '' AND w.token IN ['', $token] THEN $mark END)
RETURN coalesce(w.seal, '') AS mark
