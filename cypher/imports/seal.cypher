// 封存密钥标记 — Remember which key seals confidential values, the first time that there is one; which it is.
// @params mark
// @returns mark
MERGE (w:Writer {name: 'import'})
ON CREATE SET w.token = ''
SET w.seal = coalesce(w.seal, CASE WHEN $mark <> '' THEN $mark END)
RETURN coalesce(w.seal, '') AS mark
