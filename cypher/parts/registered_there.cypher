// 登记到的区划 — Whether the register has a village's book or a household of the area a, or of one below. A village into which another was merged by the day is registered too. Needs a, $asOf, $seq.
EXISTS { MATCH (a)<-[:PART_OF*0..4]-(:Area)<-[:OF]-(rb:VillageYear) WHERE known(rb) } OR EXISTS { MATCH (a)<-[:PART_OF*0..4]-(:Area)<-[rl:LIVES_IN]-(:Household) WHERE known(rl) }
  OR EXISTS { MATCH (a)<-[:PART_OF*0..4]-(:Area)<-[rx:PREDECESSOR_OF]-(:Area) WHERE known(rx) AND rx.since <= $asOf }
