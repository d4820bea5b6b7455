// 户脱贫标准 — The exit standard of one household, predicate by predicate, with evidence.
// predicates: [predicate, comparison, threshold]. Rows as the part `judged` has them. subject: where it lives, where that is asked.
// @params key, areas, low, high, asOf, seq, predicates, lines, ages, outOfSchool, notInSchool
// @returns label, subject, judged
MATCH (h:Household {card_no: $key})-[l:LIVES_IN]->(v:Village)
WHERE holds(l) AND part(in_area)
WITH h, $asOf AS judged_on
part(exit_facts)
WITH 'Household' AS label, h.card_no AS subject, part(judged) AS judged
RETURN label, subject, judged
