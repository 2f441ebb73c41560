*** Settings ***
Documentation    Does the keyword-spotting firmware boot, hear each of its words and report what it should? Written with
...              Renode's own keywords alone, for people who have Renode and no lab.
...
...              ``lab export keyword-spotting DIR`` writes a folder with this suite, the firmware, the board, a clip of
...              each label and what the firmware should say of it. There, without the lab:
...              ``renode-test DIR/keyword_spotting.robot``; without Renode: ``lab test DIR/keyword_spotting.robot``.
...              To run the suite from where it is, name such a folder by its full path:
...              ``--variable EXPORTED:/path/to/DIR``.

Variables        ${EXPORTED}/keyword_spotting.json

Test Timeout     2 minutes
Test Template    Hear Clip Of


*** Variables ***
${EXPORTED}          ${CURDIR}
${BOOT_LIMIT}        2
${DECISION_LIMIT}    5


*** Test Cases ***
Hears Silence
    silence

Hears An Unknown Word
    unknown

Hears Yes
    yes

Hears No
    no

Hears Up
    up

Hears Down
    down

Hears Left
    left

Hears Right
    right

Hears On
    on

Hears Off
    off

Hears Stop
    stop

Hears Go
    go

Executes What The Lab Counted
    [Documentation]    The built-in engine of the lab counted the instructions, boot and decision included.
    [Template]    Instructions Should Be As Counted For
    yes


*** Keywords ***
Hear Clip Of
    [Documentation]    Boots the firmware with the clip of a label before its microphone, and compares what it reports.
    [Arguments]    ${label}
    Create Board    ${CLIPS}[${label}][file]
    Firmware Should Boot
    Firmware Should Decide    ${label}    ${CLIPS}[${label}]
    Firmware Should Have Been In Time

Create Board
    [Documentation]    Sets up the board, its firmware in the mode of one decision a clip, and a tester on its UART.
    ...
    ...    The mode is word 2 of the firmware's parameter block (docs/device-protocol.md of the lab).
    [Arguments]    ${clip}
    Execute Command    $elf="${EXPORTED}/${ELF}"
    Execute Command    $audio="${EXPORTED}/${clip}"
    Execute Script    ${EXPORTED}/${PLATFORM}
    ${block}=    Execute Command    sysbus GetSymbolAddress "lab_parameters"
    ${mode}=    Evaluate    int($block, 16) + 8
    Execute Command    sysbus WriteDoubleWord ${mode} 1
    Create Terminal Tester    ${UART}    timeout=${DECISION_LIMIT}    defaultPauseEmulation=True
    Register Failing Uart String    "event":"fault"
    Register Failing Uart String    "event":"error"

Firmware Should Boot
    [Documentation]    Checks the line that the firmware prints once its model is ready.
    ${boot}=    Wait For Event    boot    ${BOOT_LIMIT}
    Should Be Equal    ${boot}[mode]    clip
    Should Be Equal    ${boot}[model_crc]    ${MODEL_CRC}

Firmware Should Decide
    [Documentation]    Checks the decision, and that samples, features and scores are those of the host, bit for bit.
    [Arguments]    ${label}    ${clip}
    ${decision}=    Wait For Event    inference    ${DECISION_LIMIT}
    Should Be Equal    ${decision}[samples_crc]    ${clip}[samples_crc]
    Should Be Equal    ${decision}[features_crc]    ${clip}[features_crc]
    Should Be Equal    ${decision}[scores]    ${clip}[scores]
    Should Be Equal    ${decision}[label]    ${label}

Firmware Should Have Been In Time
    [Documentation]    Checks that no sample was lost and no inference began late.
    ${statistics}=    Wait For Event    statistics    ${DECISION_LIMIT}
    Should Be Equal As Integers    ${statistics}[lost_samples]    0
    Should Be Equal As Integers    ${statistics}[late_inferences]    0

Instructions Should Be As Counted For
    [Documentation]    Lets virtual time pass for as long as the lab did, and compares the instructions since reset.
    [Arguments]    ${label}
    Create Board    ${CLIPS}[${label}][file]
    Execute Command    emulation RunFor "${COUNTED_SECONDS}"
    ${executed}=    Execute Command    sysbus.cpu ExecutedInstructions
    Should Be Equal As Integers    ${executed}    ${CLIPS}[${label}][instructions]

Wait For Event
    [Documentation]    Waits for a line of the device log, which is JSON; returns its fields.
    [Arguments]    ${event}    ${timeout}
    ${found}=    Wait For Line On Uart    "event":"${event}"    timeout=${timeout}
    ${fields}=    Evaluate    json.loads($found.Line)    modules=json
    RETURN    ${fields}
