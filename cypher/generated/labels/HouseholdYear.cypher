// Derived from the model by `graph-service schema --write`. Do not edit.

// HouseholdYear · known
UNWIND $keys AS key MATCH (o:Household {card_no: key[0]}) MATCH (o)<-[:OF]-(s:HouseholdYear {year: key[1], superseded: $open}) RETURN collect([key, s.recorded, [s.head_name, s.identified_by, s.identified_by_text, s.kind, s.kind_text, s.status, s.status_text, s.exit_year, s.main_cause, s.main_cause_text, s.other_causes, s.other_causes_text, s.phone, s.housing, s.housing_text, s.safe_water, s.electricity, s.broadcast, s.wage_income, s.business_income, s.property_income, s.dividend_income, s.transfer_income, s.business_expense]]);

// HouseholdYear · supersede
UNWIND $rows AS row MATCH (o:Household {card_no: row[0]}) MATCH (o)<-[:OF]-(s:HouseholdYear {year: row[1], superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// HouseholdYear · create
UNWIND $rows AS row MATCH (o:Household {card_no: row[0]}) CREATE (o)<-[:OF]-(s:HouseholdYear {year: row[1], head_name: row[4], identified_by: row[5], identified_by_text: row[6], kind: row[7], kind_text: row[8], status: row[9], status_text: row[10], exit_year: row[11], main_cause: row[12], main_cause_text: row[13], other_causes: row[14], other_causes_text: row[15], phone: row[16], housing: row[17], housing_text: row[18], safe_water: row[19], electricity: row[20], broadcast: row[21], wage_income: row[22], business_income: row[23], property_income: row[24], dividend_income: row[25], transfer_income: row[26], business_expense: row[27], head_name_pinyin: row[28], head_name_initials: row[29], since: row[1] * 10000 + 101, until: row[1] * 10000 + 1231, recorded: $seq, superseded: $open, source: row[2], replaced: row[3]});
