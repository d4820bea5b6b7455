// 密钥标识 — Store the mark of the key of confidential values if there is none yet, and return the stored mark.
// @params mark
// @returns mark
MERGE (w:Writer {name: 'import'})
ON CREATE SET w.token = ''
SET w.seal = coalesce(w.seal, CASE WHEN $mark <> '' THEN $mark END)
RETURN coalesce(w.seal, '') AS mark
