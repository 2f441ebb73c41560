*** Settings ***
Documentation    Does the keyword-spotting firmware pick its words out of minutes of sound, and nothing else, in time?
...              Every limit is in ``[streaming.limits]`` of ``models/keyword-spotting/workload.toml``.

Resource         workload.resource

Suite Setup      Play A Stream To    keyword-spotting


*** Test Cases ***
Misses Few Words
    Miss Rate Should Be Within Limits

Hears No Words That Nobody Said
    False Accepts Per Hour Should Be Within Limits

Answers Soon
    Detection Delay Ms Should Be Within Limits
    Worst Detection Delay Ms Should Be Within Limits

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
