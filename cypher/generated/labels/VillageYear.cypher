// Derived from the model by `graph-service schema --write`. Do not edit.

// VillageYear · known
UNWIND $keys AS key MATCH (o:Village {code: key[0]}) MATCH (o)<-[:OF]-(s:VillageYear {year: key[1], superseded: $open}) RETURN collect([key, s.recorded, [s.name, s.poor, s.planned_exit_year, s.exit_year, s.collective_income, s.hard_road, s.clinic, s.culture_room, s.network, s.households, s.population, s.cultivated_land]]);

// VillageYear · supersede
UNWIND $rows AS row MATCH (o:Village {code: row[0]}) MATCH (o)<-[:OF]-(s:VillageYear {year: row[1], superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// VillageYear · create
UNWIND $rows AS row MATCH (o:Village {code: row[0]}) CREATE (o)<-[:OF]-(s:VillageYear {year: row[1], name: row[4], poor: row[5], planned_exit_year: row[6], exit_year: row[7], collective_income: row[8], hard_road: row[9], clinic: row[10], culture_room: row[11], network: row[12], households: row[13], population: row[14], cultivated_land: row[15], since: row[1] * 10000 + 101, until: row[1] * 10000 + 1231, recorded: $seq, superseded: $open, source: row[2], replaced: row[3]});
