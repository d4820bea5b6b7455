// 资金事实 — Facts of funds, banks, projects, operators ([label, key]) and assets, given as lists of keys: kind, key,
// facts.
// Fund, Bank: [amount, level, sources, outgoing money, whether it paid households, whether it lent to households,
// whether it paid for measures, whether it paid persons, whether it paid villages].
// Project: [outside the scope, sources, [[asset, amount, on, portion]]].
// Enterprise, Cooperative: [sources, [[label, key, share, since] of its stakeholders], [[asset, OWNS or OPERATES]]].
// Asset: [outside the scope, kind, quantified value, total of shares, [[project, amount]], [[label, key] of owners],
// operators].
// Needs funds, banks, projects, operators, assets, $scope, $asOf, $seq.
CALL (funds, banks, projects, operators, assets) {
  UNWIND funds AS no
  MATCH (n:Fund {fund_no: no})
  WITH no, n, n AS g
  RETURN 'Fund' AS kind, no AS key,
    coalesce(head(COLLECT { MATCH (g)<-[:OF]-(s:FundState) WHERE known(s) RETURN [s.amount, s.level] }), [null, null])
      + [part(money_sources), part(fund_outflows),
    EXISTS { MATCH (g)-[t:GRANTED]->(:Household) WHERE holds(t) }, EXISTS {
      MATCH (g)-[t:LENT]->(:Household) WHERE holds(t) }, EXISTS {
      MATCH (g)-[t:PAYS]->(m:Measure) WHERE known(t) AND part(measure_begun) },
    EXISTS { MATCH (g)-[t:DISBURSED]->(:Person) WHERE holds(t) }, EXISTS {
      MATCH (g)-[t:DISBURSED]->(:Village) WHERE holds(t) }] AS facts
UNION ALL
  UNWIND banks AS no
  MATCH (n:Bank {bank_no: no})
  WHERE n.recorded <= $seq
  WITH no, n, n AS g
  RETURN 'Bank' AS kind, no AS key, [null, null, part(money_sources), part(fund_outflows),
    false, EXISTS { MATCH (g)-[t:LENT]->(:Household) WHERE holds(t) }, false, false, false] AS facts
UNION ALL
  UNWIND projects AS no
  MATCH (n:Project {project_no: no})
  WHERE n.recorded <= $seq
  RETURN 'Project' AS kind, no AS key, [part(out_of_scope), part(money_sources),
    COLLECT { MATCH (n)-[m:FORMED]->(s:Asset) WHERE holds(m) RETURN [s.asset_no, m.amount, m.since, m.portion]
      ORDER BY s.asset_no, m.portion }] AS facts
UNION ALL
  UNWIND operators AS operator
  MATCH (n:Enterprise {uscc: operator[1]})
  WHERE operator[0] = 'Enterprise' AND n.recorded <= $seq
  RETURN operator[0] AS kind, operator[1] AS key, part(operator_facts) AS facts
UNION ALL
  UNWIND operators AS operator
  MATCH (n:Cooperative {uscc: operator[1]})
  WHERE operator[0] = 'Cooperative' AND n.recorded <= $seq
  RETURN operator[0] AS kind, operator[1] AS key, part(operator_facts) AS facts
UNION ALL
  UNWIND assets AS no
  MATCH (n:Asset {asset_no: no})
  WHERE n.recorded <= $seq
  RETURN 'Asset' AS kind, no AS key, [part(out_of_scope)]
    + coalesce(head(COLLECT { MATCH (n)<-[:OF]-(s:AssetState) WHERE known(s)
    RETURN [s.kind, s.quantified, s.total_shares] }), [null, null, null]) + [
    COLLECT { MATCH (n)<-[m:FORMED]-(p:Project) WHERE holds(m) RETURN [p.project_no, m.amount] ORDER BY p.project_no },
    COLLECT { MATCH (n)<-[o:OWNS]-(a) WHERE holds(o)
      RETURN [head([l IN labels(a) WHERE l <> 'Area' OR size(labels(a)) = 1]), coalesce(a.uscc, a.code)]
      ORDER BY coalesce(a.uscc, a.code) },
    COLLECT { MATCH (n)<-[o:OPERATES]-(a) WHERE holds(o) RETURN [head(labels(a)), a.uscc] ORDER BY a.uscc }] AS facts
}
