// 贫困状态不明 — Whether the poverty status of the household h is unclear on the day.
// The status on its last card is not recognized.
// Needs h, $asOf, $seq.
EXISTS { MATCH (h)-[u:UNCLEAR_IN]->(:Village) WHERE holds(u) }
