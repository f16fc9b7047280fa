-- A total of nothing goes from now on when it comes to be.
ALTER TABLE count_total NO FORCE ROW LEVEL SECURITY;
DELETE FROM count_total WHERE amount = 0;
ALTER TABLE count_total FORCE ROW LEVEL SECURITY;
