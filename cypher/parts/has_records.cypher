// 有登记数据的区划 — Whether the register has a village record or a household of the area a or of an area below it.
// A village into which another was merged by the day counts too. Needs a, $asOf, $seq.
EXISTS { MATCH (a)<-[:PART_OF*0..4]-(:Area)<-[:OF]-(rb:VillageYear) WHERE known(rb) } OR EXISTS {
  MATCH (a)<-[:PART_OF*0..4]-(:Area)<-[rl:LIVES_IN]-(:Household) WHERE known(rl) }
  OR EXISTS { MATCH (a)<-[:PART_OF*0..4]-(:Area)<-[rx:PREDECESSOR_OF]-(:Area) WHERE known(rx) AND rx.since <= $asOf }
