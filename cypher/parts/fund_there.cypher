// 资金所及 — Whether the fund f is managed in the areas asked for, or its money went to projects, operators or households there; of a whole province every fund.
// Needs f, $everywhere, $areas, $low, $high, $asOf, $seq.
($everywhere OR EXISTS { MATCH (f)-[m:MANAGED_BY]->(w:Area) WHERE holds(m) AND within(w) }
  OR EXISTS { MATCH (f)-[a:ALLOCATED]->(:Project)-[l:LOCATED_IN]->(w:Area) WHERE holds(a) AND known(l) AND within(w) }
  OR EXISTS { MATCH (f)-[i:INVESTED|LENT]->()-[l:LOCATED_IN]->(w:Area) WHERE holds(i) AND known(l) AND within(w) }
  OR EXISTS { MATCH (f)-[given:GRANTED|LENT]->(:Household)-[l:LIVES_IN]->(w:Village) WHERE holds(given) AND holds(l) AND within(w) })
