// 帮扶措施缺口 — Causes of poverty of supported households that no measure addresses on a day, or only in name.
// Measures of the household or its members count while they are in force. A measure whose content is in $hollow is in
// name only and addresses nothing. Causes that are not in the matrix are not checked. For a household after its exit,
// the causes are those of its latest card.
// statuses: requested POOR, EXITED. yearsAfterExit: number of years of support after exit.
// matrix: {cause, kinds, by_shares}: kinds of measures that address the cause, and whether shares of an asset do, in
// the order of the gaps.
// causes: requested positions in the matrix.
// areas: ranges of codes; low, high: range that they span, for the index. after: [village, household, position].
// kinds, by_shares: what would address the cause. present: existing measures (see the part measures).
// @params areas, low, high, asOf, seq, year, yearsAfterExit, statuses, matrix, causes, hollow, after, limit
// @returns village, household, status, position, cause, kinds, by_shares, reason, present
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v ORDER BY v.code
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no >= CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END
    AND part(supported)
  WITH h, part(support_status) AS status
  WHERE status IN $statuses
  WITH h, status,
    head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= $year
      RETURN [c.main_cause] + coalesce(c.other_causes, []) ORDER BY c.year DESC LIMIT 1 }) AS suffered,
    part(measures) AS present,
    EXISTS { MATCH (h)-[k:HOLDS]->(:Asset) WHERE holds(k) } OR EXISTS {
      MATCH (h)<-[b:MEMBER_OF]-(:Person)-[k:HOLDS]->(:Asset) WHERE holds(b) AND holds(k) } AS shares
  UNWIND $causes AS position
  WITH h, status, suffered, present, shares, position, $matrix[position] AS answer
  WHERE answer.cause IN suffered AND NOT (answer.by_shares AND shares)
    AND none(m IN present WHERE m.kind IN answer.kinds AND NOT m.hollow)
  RETURN h.card_no AS household, status, position, answer, CASE
    WHEN any(m IN present WHERE m.kind IN answer.kinds) THEN 'HOLLOW' ELSE 'MISSING' END AS reason, present
}
WITH v.code AS village, household, status, position, answer, reason, present
WHERE village > $after[0] OR household > $after[1] OR (household = $after[1] AND position > $after[2])
WITH village, household, status, position, answer, reason, present ORDER BY village, household, position LIMIT $limit
RETURN village, household, status, position, answer.cause AS cause, answer.kinds AS kinds,
  answer.by_shares AS by_shares, reason, present
ORDER BY village, household, position
