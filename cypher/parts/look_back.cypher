// 户的前后对比 — Differences of the cards and members of the household h of the village v between two collections.
// change (null if there is none), former_village, related_household, changed ({property, before, after}), joined and
// left (numbers of persons), altered ({person, changes}: changed records of members, changes as in changed).
// Homes and members are those of the last day of each year: of the earlier year as known at the version before, of the
// later year as known now. If a village was not collected in the later year, nobody has left it, except those who have
// left the register. A household is listed at its later home, or at its former home if it is gone.
// Needs v, h, $seq, $fromYear, $toYear, $names (properties of a card to compare), $facts (properties of a person's
// record), before (former_version).
CALL (v, h, before) {
  WITH v, h, before,
    head(COLLECT { MATCH (h)-[l:LIVES_IN]->(w:Village)
      WHERE l.recorded <= before AND l.superseded > before AND l.since <= $fromYear * 10000 + 1231
      AND l.until >= $fromYear * 10000 + 1231 RETURN w.code }) AS home_before,
    head(COLLECT { MATCH (h)-[l:LIVES_IN]->(w:Village)
      WHERE known(l) AND l.since <= $toYear * 10000 + 1231 AND l.until >= $toYear * 10000 + 1231
      RETURN w.code }) AS home_after,
    COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE c.year = $fromYear OR c.year = $toYear
      RETURN {earlier: c.year = $fromYear AND c.recorded <= before AND c.superseded > before,
        later: c.year = $toYear AND known(c), status: c.status, details: [name IN $names | c[name]]} } AS cards
  WITH v, h, before, home_before, home_after, head([x IN cards WHERE x.earlier]) AS a,
    head([x IN cards WHERE x.later]) AS b
  WHERE (a IS NOT NULL OR b IS NOT NULL) AND v.code = CASE WHEN b IS NULL THEN coalesce(home_before, home_after)
    ELSE coalesce(home_after, home_before) END
    AND (b IS NOT NULL OR home_after IS NULL OR EXISTS {
      MATCH (v)<-[k:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear) WHERE c.year = $toYear AND part(home_of_card) })
  WITH v, h, before, home_before, home_after, a, b,
    COLLECT { MATCH (h)<-[m:MEMBER_OF]-(p:Person)
      WHERE m.recorded <= before AND m.superseded > before AND m.since <= $fromYear * 10000 + 1231
      AND m.until >= $fromYear * 10000 + 1231 RETURN p.person_no ORDER BY p.person_no } AS former_members,
    COLLECT { MATCH (h)<-[m:MEMBER_OF]-(p:Person)
      WHERE known(m) AND m.since <= $toYear * 10000 + 1231 AND m.until >= $toYear * 10000 + 1231 RETURN p.person_no
      ORDER BY p.person_no } AS members
  WITH v, h, before, home_before, home_after, a, b,
    [m IN members WHERE NOT m IN former_members] AS joined, [m IN former_members WHERE NOT m IN members] AS left,
      [m IN members WHERE m IN former_members] AS remaining,
    CASE WHEN a IS NULL THEN head(COLLECT { MATCH (h)<-[m:MEMBER_OF]-(:Person)-[o:MEMBER_OF]->(g:Household)
      WHERE known(m) AND m.since <= $toYear * 10000 + 1231 AND m.until >= $toYear * 10000 + 1231
        AND o.recorded <= before AND o.superseded > before AND o.since <= $fromYear * 10000 + 1231
          AND o.until >= $fromYear * 10000 + 1231 AND g.card_no <> h.card_no RETURN g.card_no
          ORDER BY g.card_no LIMIT 1 })
      WHEN b IS NULL THEN head(COLLECT { MATCH (h)<-[m:MEMBER_OF]-(:Person)-[o:MEMBER_OF]->(g:Household)
        WHERE m.recorded <= before AND m.superseded > before AND m.since <= $fromYear * 10000 + 1231
        AND m.until >= $fromYear * 10000 + 1231
        AND known(o) AND o.since <= $toYear * 10000 + 1231 AND o.until >= $toYear * 10000 + 1231
          AND g.card_no <> h.card_no RETURN g.card_no ORDER BY g.card_no LIMIT 1 }) END AS related_household,
    CASE WHEN a IS NULL OR b IS NULL OR a.details = b.details THEN []
      ELSE [i IN range(0, size($names) - 1) WHERE a.details[i] <> b.details[i]
        OR (a.details[i] IS NULL) <> (b.details[i] IS NULL)
        | {property: $names[i], before: a.details[i], after: b.details[i]}] END AS changed
  WITH v, h, home_before, home_after, a, b, joined, left, remaining, related_household, changed,
    CASE WHEN a IS NULL OR b IS NULL THEN [] ELSE COLLECT { MATCH (h)<-[:MEMBER_OF]-(p:Person)
      MATCH (p)<-[:OF]-(y:PersonYear) MATCH (p)<-[:OF]-(z:PersonYear)
      WHERE y.year = $fromYear AND y.recorded <= before AND y.superseded > before AND z.year = $toYear AND known(z)
      WITH DISTINCT p, y, z
      WITH p, [name IN $facts WHERE y[name] <> z[name]
        OR (y[name] IS NULL) <> (z[name] IS NULL) | {property: name, before: y[name], after: z[name]}] AS changes
      WHERE size(changes) > 0
      RETURN {person: p.person_no, changes: changes} ORDER BY p.person_no } END AS records
  WITH v, h, home_before, home_after, a, b, joined, left, related_household, changed,
    [r IN records WHERE r.person IN remaining] AS altered
  WITH v, h, CASE WHEN home_before <> home_after THEN home_before END AS former_village, related_household, changed,
    joined, left, altered,
    CASE WHEN a IS NULL THEN CASE WHEN related_household IS NULL THEN 'IN' ELSE 'SPLIT' END
      WHEN b IS NULL THEN CASE WHEN related_household IS NULL THEN 'OUT' ELSE 'MERGED' END
      WHEN (b.status = 'RETURNED' AND coalesce(a.status, '') <> 'RETURNED')
        OR (a.status = 'EXITED' AND b.status IN ['POOR', 'EXIT_EXPECTED']) THEN 'RETURNED'
      WHEN b.status = 'EXITED' AND coalesce(a.status, '') <> 'EXITED' THEN 'EXITED'
      WHEN size(changed) + size(joined) + size(left) + size(altered) > 0 OR home_before <> home_after THEN 'CHANGED'
    END AS change
  RETURN change, former_village, related_household, changed, joined, left, altered
}
