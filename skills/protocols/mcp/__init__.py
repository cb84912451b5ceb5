"""The Model Context Protocol at /mcp: the Skills extension and three tools."""
