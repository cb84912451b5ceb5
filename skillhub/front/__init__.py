"""Between the web server and Django: bodies are read and answers are sent without taking a thread.

A thread is for work. A client that sends or reads slowly costs a connection and a little of the disk
(decision 0026).
"""
