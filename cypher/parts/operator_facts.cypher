// 经营主体事实 — Facts of the operator n: its sources of money, its stakeholders, and its assets, owned or operated.
// Needs n, $asOf, $seq.
[part(money_sources),
  COLLECT { MATCH (n)<-[i:INVESTS_IN]-(o) WHERE holds(i) RETURN [head(labels(o)), o.uscc, i.share, i.since]
    ORDER BY o.uscc },
  COLLECT { MATCH (n)-[o:OWNS|OPERATES]->(s:Asset) WHERE holds(o) RETURN [s.asset_no, type(o)]
    ORDER BY s.asset_no, type(o) }]
