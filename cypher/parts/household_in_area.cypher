// 与查询区划有关的户 — Whether the household h is of the requested areas.
// It lives there, or holds shares or received dividends of an asset there.
// Needs h, $everywhere, $areas, $low, $high, $asOf, $seq.
($everywhere OR EXISTS { MATCH (h)-[l:LIVES_IN]->(v:Village) WHERE holds(l) AND within(v) }
  OR EXISTS { MATCH (h)-[o:HOLDS]->(:Asset)-[l:LOCATED_IN]->(v:Area) WHERE holds(o) AND known(l) AND within(v) }
  OR EXISTS { MATCH (h)<-[o:PAID]-(:Distribution)<-[y:YIELDED]-(:Asset)-[l:LOCATED_IN]->(v:Area)
    WHERE holds(o) AND known(y) AND known(l) AND within(v) })
