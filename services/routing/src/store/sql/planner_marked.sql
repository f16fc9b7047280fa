SELECT mark FROM planner_mark WHERE organization_id = $1
