// 按请求键查变更 — What a client's key has made, the newest first; of what changed nothing the version that says so, and its state.
// @params key
// @returns sequence, state, content, same
MATCH (i:Import {key: $key})
OPTIONAL MATCH (s:Import {sequence: i.same})
RETURN coalesce(i.same, i.sequence) AS sequence, coalesce(s.state, i.state) AS state, i.content AS content, i.same IS NOT NULL AS same
ORDER BY i.sequence DESC LIMIT 1
