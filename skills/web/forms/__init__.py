"""What the pages' forms accept. Rules live with the acts; forms parse and keep what was typed."""
