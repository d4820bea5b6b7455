// 未联结经营主体的户数 — Number of supported households, and of those that are linked to no operator.
// The rules and parameters are those of unlinked_households.
// @params areas, low, high, asOf, seq, year, links, yearsAfterExit
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l)
  AND part(supported)
WITH EXISTS { MATCH (h)-[r:JOINED|LEASES_TO|BORROWED_FROM|ENTRUSTS_TO]->()
  WHERE part(link_valid) AND ($links IS NULL OR type(r) IN $links) }
  OR EXISTS { MATCH (h)-[r:HOLDS]->(a:Asset)<-[o:OPERATES]-()
    WHERE holds(r) AND holds(o) AND ($links IS NULL OR 'HOLDS' IN $links) }
  OR EXISTS { MATCH (h)<-[b:MEMBER_OF]-(:Person)<-[r:EMPLOYS]-()
    WHERE holds(b) AND holds(r) AND ($links IS NULL OR 'EMPLOYS' IN $links) } AS linked
RETURN sum(CASE WHEN linked THEN 0 ELSE 1 END) AS total, count(*) AS eligible
