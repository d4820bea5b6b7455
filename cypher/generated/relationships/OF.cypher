// Derived from the model by `graph-service schema --write`. Do not edit.

// VillageYear → Village · known
UNWIND $keys AS key MATCH (a:VillageYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// VillageYear → Village · supersede
UNWIND $rows AS row MATCH (a:VillageYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// VillageYear → Village · create
UNWIND $rows AS row MATCH (a:VillageYear {year: row[0]}) MATCH (b:Village {code: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// VillageYear → Area · known
UNWIND $keys AS key MATCH (a:VillageYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// VillageYear → Area · supersede
UNWIND $rows AS row MATCH (a:VillageYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// VillageYear → Area · create
UNWIND $rows AS row MATCH (a:VillageYear {year: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// VillageYear → Household · known
UNWIND $keys AS key MATCH (a:VillageYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// VillageYear → Household · supersede
UNWIND $rows AS row MATCH (a:VillageYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// VillageYear → Household · create
UNWIND $rows AS row MATCH (a:VillageYear {year: row[0]}) MATCH (b:Household {card_no: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// VillageYear → Person · known
UNWIND $keys AS key MATCH (a:VillageYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// VillageYear → Person · supersede
UNWIND $rows AS row MATCH (a:VillageYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// VillageYear → Person · create
UNWIND $rows AS row MATCH (a:VillageYear {year: row[0]}) MATCH (b:Person {person_no: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// AreaYear → Village · known
UNWIND $keys AS key MATCH (a:AreaYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// AreaYear → Village · supersede
UNWIND $rows AS row MATCH (a:AreaYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// AreaYear → Village · create
UNWIND $rows AS row MATCH (a:AreaYear {year: row[0]}) MATCH (b:Village {code: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// AreaYear → Area · known
UNWIND $keys AS key MATCH (a:AreaYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// AreaYear → Area · supersede
UNWIND $rows AS row MATCH (a:AreaYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// AreaYear → Area · create
UNWIND $rows AS row MATCH (a:AreaYear {year: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// AreaYear → Household · known
UNWIND $keys AS key MATCH (a:AreaYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// AreaYear → Household · supersede
UNWIND $rows AS row MATCH (a:AreaYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// AreaYear → Household · create
UNWIND $rows AS row MATCH (a:AreaYear {year: row[0]}) MATCH (b:Household {card_no: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// AreaYear → Person · known
UNWIND $keys AS key MATCH (a:AreaYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// AreaYear → Person · supersede
UNWIND $rows AS row MATCH (a:AreaYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// AreaYear → Person · create
UNWIND $rows AS row MATCH (a:AreaYear {year: row[0]}) MATCH (b:Person {person_no: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// HouseholdYear → Village · known
UNWIND $keys AS key MATCH (a:HouseholdYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// HouseholdYear → Village · supersede
UNWIND $rows AS row MATCH (a:HouseholdYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// HouseholdYear → Village · create
UNWIND $rows AS row MATCH (a:HouseholdYear {year: row[0]}) MATCH (b:Village {code: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// HouseholdYear → Area · known
UNWIND $keys AS key MATCH (a:HouseholdYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// HouseholdYear → Area · supersede
UNWIND $rows AS row MATCH (a:HouseholdYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// HouseholdYear → Area · create
UNWIND $rows AS row MATCH (a:HouseholdYear {year: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// HouseholdYear → Household · known
UNWIND $keys AS key MATCH (a:HouseholdYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// HouseholdYear → Household · supersede
UNWIND $rows AS row MATCH (a:HouseholdYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// HouseholdYear → Household · create
UNWIND $rows AS row MATCH (a:HouseholdYear {year: row[0]}) MATCH (b:Household {card_no: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// HouseholdYear → Person · known
UNWIND $keys AS key MATCH (a:HouseholdYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// HouseholdYear → Person · supersede
UNWIND $rows AS row MATCH (a:HouseholdYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// HouseholdYear → Person · create
UNWIND $rows AS row MATCH (a:HouseholdYear {year: row[0]}) MATCH (b:Person {person_no: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// PersonYear → Village · known
UNWIND $keys AS key MATCH (a:PersonYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// PersonYear → Village · supersede
UNWIND $rows AS row MATCH (a:PersonYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// PersonYear → Village · create
UNWIND $rows AS row MATCH (a:PersonYear {year: row[0]}) MATCH (b:Village {code: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// PersonYear → Area · known
UNWIND $keys AS key MATCH (a:PersonYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// PersonYear → Area · supersede
UNWIND $rows AS row MATCH (a:PersonYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// PersonYear → Area · create
UNWIND $rows AS row MATCH (a:PersonYear {year: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// PersonYear → Household · known
UNWIND $keys AS key MATCH (a:PersonYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// PersonYear → Household · supersede
UNWIND $rows AS row MATCH (a:PersonYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// PersonYear → Household · create
UNWIND $rows AS row MATCH (a:PersonYear {year: row[0]}) MATCH (b:Household {card_no: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// PersonYear → Person · known
UNWIND $keys AS key MATCH (a:PersonYear {year: key[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.year, coalesce(b.code, b.card_no, b.person_no)] + [r.since, r.until]]);

// PersonYear → Person · supersede
UNWIND $rows AS row MATCH (a:PersonYear {year: row[0]}) MATCH (a)-[r:OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// PersonYear → Person · create
UNWIND $rows AS row MATCH (a:PersonYear {year: row[0]}) MATCH (b:Person {person_no: row[1]}) CREATE (a)-[r:OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
