// 不可见 — Whether n, a project or an asset, lies outside of $areas: ranges that the asker may see, null = all of them. Needs $seq.
$areas IS NOT NULL AND NOT EXISTS { MATCH (n)-[l:LOCATED_IN]->(w:Area) WHERE known(l) AND any(r IN $areas WHERE w.code >= r[0] AND w.code < r[1]) }
