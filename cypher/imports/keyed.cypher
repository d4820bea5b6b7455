// 按请求键查变更 — What a client's key has made, the newest first.
// @params key
// @returns sequence, state, content
MATCH (i:Import {key: $key})
RETURN i.sequence AS sequence, i.state AS state, i.content AS content
ORDER BY i.sequence DESC LIMIT 1
