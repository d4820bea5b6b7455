// 按请求键查变更 — Changes that an author made with a client's key, the newest first.
// For a change that changed nothing, the data version that already had its content is returned, with its state.
// @params key, by
// @returns sequence, state, content, same
MATCH (i:Import {key: $key, by: $by})
OPTIONAL MATCH (s:Import {sequence: i.same})
RETURN coalesce(i.same, i.sequence) AS sequence, coalesce(s.state, i.state) AS state, i.content AS content,
  i.same IS NOT NULL AS same
ORDER BY i.sequence DESC LIMIT 1
