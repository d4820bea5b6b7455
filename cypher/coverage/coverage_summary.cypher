// 帮扶责任覆盖汇总 — Number of entitled subjects and of unmet duties on a day, for each lower area and each duty.
// The rules and parameters are those of coverage_gaps. With reasons, only gaps with one of these reasons are counted;
// with waived, only gaps that are or are not waived.
// areas: ranges of codes; low, high: range that they span, for the index. digits: length of the area codes by which to
// sum; 0 for a single total.
// moved: {first_code, beyond_code, area} of villages that count in another area because they were merged into it: their
// first code, and the code after the last. after: [area, rank].
// @params areas, low, high, asOf, seq, year, villageDuties, householdDuties, yearsAfterExit,
//   reasons, waived, names, digits, moved, after, limit
// @returns area, rank, eligible, missing
MATCH (v:Village)
WHERE part(in_area) AND (v.code >= substring($after[0], 0, $digits) OR size($moved) > 0) AND v.recorded <= $seq
  AND part(village_recorded)
CALL (v) {
  WITH v,
    part(village_entitlement)
  UNWIND $villageDuties AS duty
  WITH v, duty.rank AS rank, duty.posts AS posts, duty.max_villages AS max_villages
  WHERE part(village_duty_owed)
  WITH v, rank,
    part(village_terms) AS terms
  RETURN rank, terms, false AS met, v.code AS subject
UNION ALL
  WITH v
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l)
    AND part(supported)
  WITH h, part(has_helper) AS helped,
    part(last_visit) AS last_visit
  WITH h, helped, last_visit, CASE WHEN helped THEN [] ELSE
    part(helper_terms) END AS terms
  UNWIND $householdDuties AS duty
  WITH h, terms, last_visit, helped, duty
  WHERE part(household_duty_owed)
  RETURN duty.rank AS rank, CASE duty.kind WHEN 'HELPER' THEN terms END AS terms, part(household_duty_met) AS met,
    h.card_no AS subject
}
WITH coalesce(head([m IN $moved WHERE v.code >= m.first_code AND v.code < m.beyond_code | m.area]),
  substring(v.code, 0, $digits)) AS area, rank,
  CASE WHEN $waived IS NULL THEN null ELSE EXISTS {
    MATCH (w:Waiver {waiver_no: $names[rank] + '!' + subject})<-[:OF]-(e:WaiverState)
    WHERE excepts(e) } END AS excepted,
  CASE WHEN met OR part(duty_met) THEN null ELSE part(gap_reason) END AS reason
WITH area, rank, count(*) AS eligible,
  sum(CASE WHEN reason IS NULL OR NOT reason IN coalesce($reasons, [reason]) OR excepted <> $waived THEN 0 ELSE 1 END)
    AS missing
WHERE area > $after[0] OR (area = $after[0] AND rank > $after[1])
WITH area, rank, eligible, missing ORDER BY area, rank LIMIT $limit
RETURN area, rank, eligible, missing
ORDER BY area, rank
