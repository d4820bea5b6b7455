// 即将到期的责任数 — Number of duties met on a day, and of those whose only holder's term ends in the stated days.
// The rules and parameters are those of expiring_duties.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, villageDuties, helpers, until, beyond
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
CALL (v) {
  WITH v,
    part(village_entitlement)
  UNWIND $villageDuties AS duty
  WITH v, duty.posts AS posts, duty.max_villages AS max_villages
  WHERE part(village_duty_owed)
  WITH v, posts, max_villages,
    part(village_terms) AS terms
  RETURN terms, part(village_successor) AS followed
UNION ALL
  WITH v
  UNWIND $helpers AS duty
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND part(supported)
  RETURN
    part(helper_terms) AS terms,
    part(helper_successor) AS followed
}
WITH followed, part(holders_in_office) AS holders
WHERE size(holders) > 0
RETURN sum(CASE WHEN NOT followed AND all(holder IN holders
  WHERE holder.ends < 99991231 AND holder.ends <= CASE WHEN holder.leaves THEN $beyond ELSE $until END) THEN 1
  ELSE 0 END) AS total,
  count(*) AS eligible
