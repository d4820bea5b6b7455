// 户的前后对比 — Differences of the cards and members of the household h of the village v between two collections.
// change (null if there is none), former village, other household, changed ([property, before, after]), joined and left
// (numbers of persons), altered ([person, [[property, before, after]]]: changed records of members).
// Homes and members are those of the last day of each year: of the earlier year as known at the version before, of the
// later year as known now. If a village was not collected in the later year, nobody has left it, except those who have
// left the register. A household is listed at its later home, or at its former home if it is gone.
// Needs v, h, $seq, $fromYear, $toYear, $names (properties of a card to compare), $facts (properties of a person's
// record), before (former_version).
WITH v, h, before,
  head(COLLECT { MATCH (h)-[l:LIVES_IN]->(w:Village)
    WHERE l.recorded <= before AND l.superseded > before AND l.since <= $fromYear * 10000 + 1231
    AND l.until >= $fromYear * 10000 + 1231 RETURN w.code }) AS lived,
  head(COLLECT { MATCH (h)-[l:LIVES_IN]->(w:Village)
    WHERE known(l) AND l.since <= $toYear * 10000 + 1231 AND l.until >= $toYear * 10000 + 1231
    RETURN w.code }) AS lives,
  COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE c.year = $fromYear OR c.year = $toYear
    RETURN [c.year = $fromYear AND c.recorded <= before AND c.superseded > before, c.year = $toYear AND known(c),
      [c.status] + [name IN $names | c[name]]] } AS cards
WITH v, h, before, lived, lives, head([x IN cards WHERE x[0]])[2] AS a, head([x IN cards WHERE x[1]])[2] AS b
WHERE (a IS NOT NULL OR b IS NOT NULL) AND v.code = CASE WHEN b IS NULL THEN coalesce(lived, lives)
  ELSE coalesce(lives, lived) END
  AND (b IS NOT NULL OR lives IS NULL OR EXISTS {
    MATCH (v)<-[k:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear) WHERE c.year = $toYear AND part(carded_there) })
WITH v, h, before, lived, lives, a, b,
  COLLECT { MATCH (h)<-[m:MEMBER_OF]-(p:Person)
    WHERE m.recorded <= before AND m.superseded > before AND m.since <= $fromYear * 10000 + 1231
    AND m.until >= $fromYear * 10000 + 1231 RETURN p.person_no ORDER BY p.person_no } AS were,
  COLLECT { MATCH (h)<-[m:MEMBER_OF]-(p:Person)
    WHERE known(m) AND m.since <= $toYear * 10000 + 1231 AND m.until >= $toYear * 10000 + 1231 RETURN p.person_no
    ORDER BY p.person_no } AS members
WITH v, h, before, lived, lives, a, b,
  [m IN members WHERE NOT m IN were] AS joined, [m IN were WHERE NOT m IN members] AS left,
    [m IN members WHERE m IN were] AS stayed,
  CASE WHEN a IS NULL THEN head(COLLECT { MATCH (h)<-[m:MEMBER_OF]-(:Person)-[o:MEMBER_OF]->(g:Household)
    WHERE known(m) AND m.since <= $toYear * 10000 + 1231 AND m.until >= $toYear * 10000 + 1231
      AND o.recorded <= before AND o.superseded > before AND o.since <= $fromYear * 10000 + 1231
        AND o.until >= $fromYear * 10000 + 1231 AND g.card_no <> h.card_no RETURN g.card_no
        ORDER BY g.card_no LIMIT 1 })
    WHEN b IS NULL THEN head(COLLECT { MATCH (h)<-[m:MEMBER_OF]-(:Person)-[o:MEMBER_OF]->(g:Household)
      WHERE m.recorded <= before AND m.superseded > before AND m.since <= $fromYear * 10000 + 1231
      AND m.until >= $fromYear * 10000 + 1231
      AND known(o) AND o.since <= $toYear * 10000 + 1231 AND o.until >= $toYear * 10000 + 1231
        AND g.card_no <> h.card_no RETURN g.card_no ORDER BY g.card_no LIMIT 1 }) END AS other,
  CASE WHEN a IS NULL OR b IS NULL OR a = b THEN []
    ELSE [at IN range(1, size($names)) WHERE a[at] <> b[at]
    OR (a[at] IS NULL) <> (b[at] IS NULL) | [$names[at - 1], a[at], b[at]]] END AS changed
WITH v, h, lived, lives, a, b, joined, left, stayed, other, changed,
  CASE WHEN a IS NULL OR b IS NULL THEN [] ELSE COLLECT { MATCH (h)<-[:MEMBER_OF]-(p:Person)
    MATCH (p)<-[:OF]-(y:PersonYear) MATCH (p)<-[:OF]-(z:PersonYear)
    WHERE y.year = $fromYear AND y.recorded <= before AND y.superseded > before AND z.year = $toYear AND known(z)
    WITH DISTINCT p, y, z, [name IN $facts WHERE y[name] <> z[name]
      OR (y[name] IS NULL) <> (z[name] IS NULL) | [name, y[name], z[name]]] AS facts
    WHERE size(facts) > 0
    RETURN [p.person_no, facts] ORDER BY p.person_no } END AS records
WITH v, h, lived, lives, a, b, joined, left, other, changed, [r IN records WHERE r[0] IN stayed] AS altered
WITH v, h, CASE WHEN lived <> lives THEN lived END AS former, other, changed, joined, left, altered,
  CASE WHEN a IS NULL THEN CASE WHEN other IS NULL THEN 'IN' ELSE 'SPLIT' END
    WHEN b IS NULL THEN CASE WHEN other IS NULL THEN 'OUT' ELSE 'MERGED' END
    WHEN (b[0] = 'RETURNED' AND coalesce(a[0], '') <> 'RETURNED')
      OR (a[0] = 'EXITED' AND b[0] IN ['POOR', 'EXIT_EXPECTED']) THEN 'RETURNED'
    WHEN b[0] = 'EXITED' AND coalesce(a[0], '') <> 'EXITED' THEN 'EXITED'
    WHEN size(changed) + size(joined) + size(left) + size(altered) > 0 OR lived <> lives THEN 'CHANGED' END AS change
