*** Settings ***
Documentation    Is every trace that the project keeps in ``traces/`` reported as its file says? A bug that was mended
...              stays mended. `lab run --traces` makes a test of each trace and board, as
...              ``robot --prerunmodifier lab.robot_traces.TestsOfTraces`` does.

Library          lab.robot_traces


*** Test Cases ***
Every Trace Is As Expected
    Every Trace Should Be As Expected
