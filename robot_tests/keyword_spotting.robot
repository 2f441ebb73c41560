*** Settings ***
Documentation    Does the keyword-spotting firmware hear, cost and behave as its workload asks? Every limit is in
...              ``models/keyword-spotting/workload.toml``; a metric without one is shown and skipped.

Resource         workload.resource

Suite Setup      Play Recordings To    keyword-spotting


*** Test Cases ***
Hears Its Words
    Accuracy Should Be Within Limits

Equals The Host
    Device Should Equal Host On Every Recording

Misses No Deadline
    Missed Deadlines Should Be Within Limits

Keeps To Its Instructions
    Instructions Per Inference Should Be Within Limits

Keeps To Its Cycles
    Cycles Per Inference Should Be Within Limits

Fits In Flash
    Flash Bytes Should Be Within Limits

Fits In RAM
    RAM Bytes Should Be Within Limits

Fits In Its Arena
    Arena Used Bytes Should Be Within Limits

Fits On Its Stack
    Stack Used Bytes Should Be Within Limits

Could Play Its Recordings
    No More Recordings Should Be Skipped Than Allowed

Keeps Every Other Limit
    Every Other Limit Should Be Kept
