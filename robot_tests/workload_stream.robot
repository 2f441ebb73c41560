*** Settings ***
Documentation    Does the firmware of a workload keep to ``[streaming.limits]`` of its ``workload.toml`` on a stream?
...              For every workload without a suite of its own for streams.

Resource         workload.resource

Suite Setup      Play A Stream To    ${WORKLOAD}


*** Variables ***
${WORKLOAD}      ${EMPTY}


*** Test Cases ***
Misses No Deadline
    Missed Deadlines Should Be Within Limits

Has Time To Spare
    CPU Load Should Be Within Limits

Fits On Its Stack
    Stack Used Bytes Should Be Within Limits

Could Play Its Recordings
    No More Recordings Should Be Skipped Than Allowed

Keeps Every Other Limit
    Every Other Limit Should Be Kept
