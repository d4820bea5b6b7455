// 帮扶措施缺口 — Causes of poverty of poor households, and of those in the stated years after exit, that no measure answers on a day: there is none, or only in name.
// A measure of the household or of a member counts while it holds; one whose content is one of $hollow is in name only and answers
// nothing. Causes that the matrix does not have are not judged. Of a household after its exit they are those of its latest card.
// standings: POOR, EXITED (yearsAfterExit: for so long support goes on): those asked for.
// matrix: [cause, kinds of measure that answer it, whether a share of an asset does], in the order in which gaps are told.
// areas: ranges of codes; low, high: what they span, for the index. causes: positions in the matrix. after: [village, household, position].
// kinds, by_shares: what would answer it. present: what there is: [number, kind, content, whether in name only].
// @params areas, low, high, asOf, seq, year, yearsAfterExit, standings, matrix, causes, hollow, after, limit
// @returns village, household, standing, position, cause, kinds, by_shares, reason, present
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v ORDER BY v.code
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no >= CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END
    AND part(supported)
  WITH h, part(standing) AS standing
  WHERE standing IN $standings
  WITH h, standing,
    head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= $year RETURN [c.main_cause] + coalesce(c.other_causes, []) ORDER BY c.year DESC LIMIT 1 }) AS suffered,
    part(measures) AS present,
    EXISTS { MATCH (h)-[k:HOLDS]->(:Asset) WHERE holds(k) } OR EXISTS { MATCH (h)<-[b:MEMBER_OF]-(:Person)-[k:HOLDS]->(:Asset) WHERE holds(b) AND holds(k) } AS shares
  UNWIND $causes AS position
  WITH h, standing, suffered, present, shares, position, $matrix[position] AS answer
  WHERE answer[0] IN suffered AND NOT (answer[2] AND shares)
    AND none(one IN present WHERE one[1] IN answer[1] AND NOT one[3])
  RETURN h.card_no AS household, standing, position, answer, CASE WHEN any(one IN present WHERE one[1] IN answer[1]) THEN 'HOLLOW' ELSE 'MISSING' END AS reason, present
}
WITH v.code AS village, household, standing, position, answer, reason, present
WHERE village > $after[0] OR household > $after[1] OR (household = $after[1] AND position > $after[2])
WITH village, household, standing, position, answer, reason, present ORDER BY village, household, position LIMIT $limit
RETURN village, household, standing, position, answer[0] AS cause, answer[1] AS kinds, answer[2] AS by_shares, reason, present
ORDER BY village, household, position
