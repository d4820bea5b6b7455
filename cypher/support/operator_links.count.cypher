// 经营主体带动数 — Number of operators, and of those linked to households of an area on a day.
// The rules and parameters are those of operator_links.
// @params areas, low, high, asOf, seq
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l)
CALL (h) {
  MATCH (h)-[r:JOINED|LEASES_TO|BORROWED_FROM|ENTRUSTS_TO]->(o)
  WHERE part(link_valid)
  RETURN o
UNION
  WITH h
  MATCH (h)-[r:HOLDS]->(:Asset)<-[x:OPERATES]-(o)
  WHERE holds(r) AND holds(x)
  RETURN o
UNION
  WITH h
  MATCH (h)<-[b:MEMBER_OF]-(:Person)<-[r:EMPLOYS]-(o)
  WHERE holds(b) AND holds(r)
  RETURN o
}
WITH count(DISTINCT o) AS total
RETURN total, COUNT { MATCH (o:Enterprise) WHERE EXISTS { MATCH (o)<-[:OF]-(s:EnterpriseState) WHERE known(s) } }
  + COUNT { MATCH (o:Cooperative) WHERE EXISTS { MATCH (o)<-[:OF]-(s:CooperativeState) WHERE known(s) } } AS eligible
