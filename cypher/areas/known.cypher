// 区划是否存在 — The requested areas that exist.
// @params codes
// @returns code, name
UNWIND $codes AS code
MATCH (a:Area {code: code})
RETURN a.code AS code, a.name AS name
