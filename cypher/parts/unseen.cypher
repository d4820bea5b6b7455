// 不可见 — Whether n, a project or an asset, lies outside of $scope: ranges that the asker may see, null = all of them. Needs $seq.
$scope IS NOT NULL AND NOT EXISTS { MATCH (n)-[l:LOCATED_IN]->(w:Area) WHERE known(l) AND any(r IN $scope WHERE w.code >= r[0] AND w.code < r[1]) }
