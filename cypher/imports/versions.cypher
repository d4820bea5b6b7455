// 有哪些数据版本 — Which data versions there are, the newest first.
// @params
// @returns sequence, state, day, content, swept, purpose, files, published
MATCH (i:Import)
RETURN i.sequence AS sequence, i.state AS state, i.day AS day, i.content AS content, i.swept AS swept, i.purpose AS purpose, i.files AS files, i.published AS published
ORDER BY i.sequence DESC
