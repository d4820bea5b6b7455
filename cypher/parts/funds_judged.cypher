// 资金对账 — The funds that are managed in the areas asked for, or whose money went to projects or households there, each held against its amount:
// kind, key, fund, expected, found (fen), whether it is a break. ALLOCATED_EXCEEDS_FUND: what left it against its amount; UNSPENT: the reverse.
// Needs $kinds, $onlyYear (null: all), $areas, $low, $high, $asOf, $seq.
MATCH (f:Fund)<-[:OF]-(s:FundState)
WHERE known(s) AND s.amount IS NOT NULL AND ($onlyYear IS NULL OR s.year = $onlyYear) AND ('ALLOCATED_EXCEEDS_FUND' IN $kinds OR 'UNSPENT' IN $kinds)
  AND (EXISTS { MATCH (f)-[m:MANAGED_BY]->(w:Area) WHERE holds(m) AND within(w) }
    OR EXISTS { MATCH (f)-[a:ALLOCATED]->(:Project)-[l:LOCATED_IN]->(w:Area) WHERE holds(a) AND known(l) AND within(w) }
    OR EXISTS { MATCH (f)-[i:INVESTED|LENT]->()-[l:LOCATED_IN]->(w:Area) WHERE holds(i) AND known(l) AND within(w) }
    OR EXISTS { MATCH (f)-[g:GRANTED|LENT]->(:Household)-[l:LIVES_IN]->(w:Village) WHERE holds(g) AND holds(l) AND within(w) })
WITH f, s.amount AS expected, [f] AS gs
UNWIND gs AS g
WITH f, expected, part(pot_spent) AS found
UNWIND [kind IN ['ALLOCATED_EXCEEDS_FUND', 'UNSPENT'] WHERE kind IN $kinds] AS kind
WITH f, kind, expected, found, CASE kind WHEN 'UNSPENT' THEN found < expected ELSE found > expected END AS broken
