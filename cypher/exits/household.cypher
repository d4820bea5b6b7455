// 户脱贫标准 — Exit standard of a household, condition by condition, with evidence.
// predicates: {predicate, comparison, threshold}. The maps are those of the part judged_predicates. subject: number of
// the household. There is no row if it does not live in the requested areas.
// @params key, areas, low, high, asOf, seq, predicates, lines, ages, outOfSchool, notInSchool
// @returns label, subject, judged, area
MATCH (h:Household {card_no: $key})-[l:LIVES_IN]->(v:Village)
WHERE holds(l) AND part(in_area)
WITH h, v, $asOf AS judged_on
part(exit_facts)
WITH 'Household' AS label, h.card_no AS subject, part(judged_predicates) AS judged,
  v.code AS area
RETURN label, subject, judged, area
