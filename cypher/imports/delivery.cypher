// 一次导入 — An import or change: state, purpose, author, day, time, files, and counts as JSON.
// time: when it was published, or otherwise when it began (UTC).
// @params sequence
// @returns state, purpose, by, day, time, files, counts
MATCH (i:Import {sequence: $sequence})
RETURN i.state AS state, i.purpose AS purpose, coalesce(i.by, '') AS by, i.day AS day,
  coalesce(i.published, i.began) AS time, coalesce(i.files, '') AS files, coalesce(i.counts, '{}') AS counts
