*** Settings ***
Documentation    Does the firmware of a workload decide, cost and behave as its ``workload.toml`` asks? For every
...              workload without a suite of its own; ``robot --variable WORKLOAD:NAME`` runs it without ``lab run``.

Resource         workload.resource

Suite Setup      Play Recordings To    ${WORKLOAD}


*** Variables ***
${WORKLOAD}      ${EMPTY}


*** Test Cases ***
Decides Right
    Accuracy Should Be Within Limits

Equals The Host
    Device Should Equal Host On Every Recording

Keeps To Its Costs
    An Inference Should Cost Its Limits At Most

Has Time To Spare
    There Should Be Time To Spare

Fits In Memory
    Memory Should Be Enough

Could Play Its Recordings
    No More Recordings Should Be Skipped Than Allowed

Keeps Every Other Limit
    Every Other Limit Should Be Kept
