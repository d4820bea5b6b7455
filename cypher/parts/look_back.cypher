// 户的前后对比 — Of a household h of the village v: how its cards and members of two collections differ: change (null where they do not), former village,
// other household, changed ([property, before, after]), joined and left (numbers of persons), altered ([person, [[property, before, after]]]: records of members that differ).
// Needs v, h, $seq, $fromYear, $toYear, $names (properties of a card that are compared), $facts (those of a person's record), before, there, dated, upto and closed (former_version).
// A member is one of a collection who is one on the last day of its year. Where one delivery brought both years, of which membership is kept once:
// who has a record of the year, where any member has one.
// Of a village that was not collected in the latter year nobody is gone, but for who has left the register.
// A household is told where it lives now, or where it lived where it is gone.
WITH v, h, before, there, dated, upto, closed,
  COLLECT { MATCH (h)-[l:LIVES_IN]->(w:Village) RETURN [w.code, l.recorded <= there AND l.superseded > there, l.recorded <= upto AND l.superseded > upto] } AS homes,
  COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE c.year = $fromYear OR c.year = $toYear
    RETURN [c.year = $fromYear AND c.recorded <= before AND c.superseded > before, c.year = $toYear AND known(c), [c.status] + [name IN $names | c[name]]] } AS cards
WITH v, h, before, there, dated, upto, closed, head([x IN homes WHERE x[1]])[0] AS lived, head([x IN homes WHERE x[2]])[0] AS lives, head([x IN cards WHERE x[0]])[2] AS a, head([x IN cards WHERE x[1]])[2] AS b
WHERE (a IS NOT NULL OR b IS NOT NULL) AND v.code = CASE WHEN b IS NULL THEN coalesce(lived, lives) ELSE coalesce(lives, lived) END
  AND (b IS NOT NULL OR EXISTS { MATCH (v)<-[k:LIVES_IN]-(:Household)<-[:OF]-(c:HouseholdYear) WHERE known(k) AND known(c) AND c.year = $toYear }
    OR NOT EXISTS { MATCH (h)-[k:LIVES_IN]->(:Village) WHERE k.recorded <= upto AND k.superseded > upto AND k.until >= $toYear * 10000 + 1231 })
WITH v, h, before, there, dated, upto, closed, lived, lives, a, b,
  COLLECT { MATCH (h)<-[m:MEMBER_OF]-(p:Person)
    RETURN [p.person_no, m.recorded <= there AND m.superseded > there AND m.until >= $fromYear * 10000 + 1231, m.recorded <= upto AND m.superseded > upto AND m.until >= $toYear * 10000 + 1231,
      CASE WHEN dated AND closed THEN [] ELSE COLLECT { MATCH (p)<-[:OF]-(y:PersonYear) WHERE known(y) AND (y.year = $fromYear OR y.year = $toYear) RETURN y.year } END, known(m)] ORDER BY p.person_no } AS persons
WITH v, h, before, there, upto, lived, lives, a, b, [m IN persons | [m[0],
    CASE WHEN dated THEN m[1] ELSE m[4] AND a IS NOT NULL AND ($fromYear IN m[3] OR none(o IN persons WHERE $fromYear IN o[3])) END,
    CASE WHEN closed THEN m[2] ELSE m[2] AND ($toYear IN m[3] OR none(o IN persons WHERE $toYear IN o[3])) END]] AS members
WITH v, h, before, there, upto, lived, lives, a, b,
  [m IN members WHERE m[2] AND none(o IN members WHERE o[0] = m[0] AND o[1]) | m[0]] AS joined, [m IN members WHERE m[1] AND none(o IN members WHERE o[0] = m[0] AND o[2]) | m[0]] AS left,
  [m IN members WHERE m[2] AND any(o IN members WHERE o[0] = m[0] AND o[1]) | m[0]] AS stayed,
  CASE WHEN a IS NULL THEN head(COLLECT { MATCH (h)<-[m:MEMBER_OF]-(:Person)-[o:MEMBER_OF]->(g:Household) WHERE m.recorded <= upto AND m.superseded > upto AND m.until >= $toYear * 10000 + 1231 AND o.recorded <= there AND o.superseded > there AND o.until >= $fromYear * 10000 + 1231 AND g.card_no <> h.card_no RETURN g.card_no ORDER BY g.card_no LIMIT 1 })
    WHEN b IS NULL THEN head(COLLECT { MATCH (h)<-[m:MEMBER_OF]-(:Person)-[o:MEMBER_OF]->(g:Household) WHERE m.recorded <= there AND m.superseded > there AND m.until >= $fromYear * 10000 + 1231 AND o.recorded <= upto AND o.superseded > upto AND o.until >= $toYear * 10000 + 1231 AND g.card_no <> h.card_no RETURN g.card_no ORDER BY g.card_no LIMIT 1 }) END AS other,
  CASE WHEN a IS NULL OR b IS NULL OR a = b THEN [] ELSE [at IN range(1, size($names)) WHERE a[at] <> b[at] OR (a[at] IS NULL) <> (b[at] IS NULL) | [$names[at - 1], a[at], b[at]]] END AS changed
WITH v, h, lived, lives, a, b, joined, left, stayed, other, changed,
  CASE WHEN a IS NULL OR b IS NULL THEN [] ELSE COLLECT { MATCH (h)<-[:MEMBER_OF]-(p:Person) MATCH (p)<-[:OF]-(y:PersonYear) MATCH (p)<-[:OF]-(z:PersonYear)
    WHERE y.year = $fromYear AND y.recorded <= before AND y.superseded > before AND z.year = $toYear AND known(z)
    WITH DISTINCT p, y, z, [name IN $facts WHERE y[name] <> z[name] OR (y[name] IS NULL) <> (z[name] IS NULL) | [name, y[name], z[name]]] AS facts
    WHERE size(facts) > 0
    RETURN [p.person_no, facts] ORDER BY p.person_no } END AS records
WITH v, h, lived, lives, a, b, joined, left, other, changed, [r IN records WHERE r[0] IN stayed] AS altered
WITH v, h, CASE WHEN lived <> lives THEN lived END AS former, other, changed, joined, left, altered,
  CASE WHEN a IS NULL THEN CASE WHEN other IS NULL THEN 'IN' ELSE 'SPLIT' END
    WHEN b IS NULL THEN CASE WHEN other IS NULL THEN 'OUT' ELSE 'MERGED' END
    WHEN (b[0] = 'RETURNED' AND coalesce(a[0], '') <> 'RETURNED') OR (a[0] = 'EXITED' AND b[0] IN ['POOR', 'EXIT_EXPECTED']) THEN 'RETURNED'
    WHEN b[0] = 'EXITED' AND coalesce(a[0], '') <> 'EXITED' THEN 'EXITED'
    WHEN size(changed) + size(joined) + size(left) + size(altered) > 0 OR lived <> lives THEN 'CHANGED' END AS change
