// 编号密钥 — Store the key of derived numbers if there is none, and return the stored one; empty in a store that has
// imports already, whose numbers were derived without one.
// @params key
// @returns number_key
MERGE (w:Writer {name: 'import'})
ON CREATE SET w.token = ''
SET w.number_key = coalesce(w.number_key, CASE WHEN NOT EXISTS { MATCH (:Import) } THEN $key END)
RETURN coalesce(w.number_key, '') AS number_key
