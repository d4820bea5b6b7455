// 村退出标准 — The exit standard of one village, predicate by predicate, with evidence.
// predicates: [predicate, comparison, threshold]; shares in millionths, money in fen. Rows as the part `judged` has them.
// @params key, areas, low, high, asOf, seq, year, predicates
// @returns label, subject, judged
MATCH (v:Village {code: $key})
WHERE part(in_area)
part(village_facts)
WITH 'Village' AS label, v.code AS subject, part(judged) AS judged
RETURN label, subject, judged
