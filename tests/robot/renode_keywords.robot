*** Settings ***
Documentation    What the keywords do that the built-in engine has, in Renode's own words: the same there and in Renode.
...              The board runs renode_program.c and hears 0, 1, 2, and so on: each 10 ms it sends "heard", its first
...              sample.

Test Setup       Create Board


*** Variables ***
${ELF}           ${EMPTY}
${CLIP}          ${EMPTY}
${SCRIPT}        ${EMPTY}
# Since 1.17.0, which the built-in engine follows, and before it.
@{START_AGAIN}    Emulation is already started. Ignoring command    Starting emulation...


*** Test Cases ***
Finds A Line And The Groups Of An Expression
    ${found}=    Wait For Line On Uart    (\\w+) (\\d+)60    treatAsRegex=True
    Should Be Equal    ${found.Line}    heard 0160
    Should Be Equal    ${found.Groups}    ${{ ["heard", "01"] }}
    Should Be True    19.8 < ${found.Timestamp} < 20.2

Passes Every Line Up To The One That It Finds
    Wait For Line On Uart    two
    Run Keyword And Expect Error    *Terminal tester failed!*    Wait For Line On Uart    setting    timeout=0
    ${next}=    Wait For Next Line On Uart
    Should Be Equal    ${next.Line}    heard 0000

Finds Lines That Came Before
    Execute Command    emulation RunFor "0.055"
    ${before}=    Executed Instructions
    Wait For Line On Uart    heard 0160    timeout=0
    ${after}=    Executed Instructions
    Should Be Equal    ${before}    ${after}

Wants The Next Line Where It Is Told So
    Wait For Line On Uart    setting    matchNextLine=True
    Run Keyword And Expect Error    *    Wait For Line On Uart    two    timeout=0.01    matchNextLine=True
    Wait For Line On Uart    two

Ends At The Timeout In Virtual Time
    ${error}=    Run Keyword And Expect Error    *    Wait For Line On Uart    nothing    timeout=0.123
    Should Contain    ${error}    Terminal tester failed!\n\nFull report:
    Should Match Regexp    ${error}    virt: +\\d+\\] heard 0160
    Should Match Regexp    ${error}    Line containing >>nothing<< event: failure

Fails At A Failing String
    Register Failing Uart String    0320
    ${error}=    Run Keyword And Expect Error    *    Wait For Line On Uart    nothing
    Should Contain    ${error}    Test failing entry has been found on UART:\nheard 0320

Fails At A Failing String That Came Before
    Execute Command    emulation RunFor "0.015"
    Register Failing Uart String    ^\\w+ 0{4}$    treatAsRegex=True
    Run Keyword And Expect Error    *Test failing entry*heard 0000*    Wait For Line On Uart    nothing

Forgets A Failing String
    Register Failing Uart String    two
    Unregister Failing Uart String    two
    Wait For Line On Uart    two
    Run Keyword And Expect Error    *Unable to unregister failing string*    Unregister Failing Uart String    two

Finds What Should Not Be There
    Should Not Be On Uart    nothing    timeout=0.05
    Run Keyword And Expect Error    *Unexpected entry*heard 1120*    Should Not Be On Uart    heard 1    timeout=1

Reports Lines And Waits
    Wait For Line On Uart    one
    ${report}=    Get Terminal Tester Report
    Should Match Regexp    ${report}    virt: +0\\] setting 0008
    Should Match Regexp    ${report}    virt: .*\\] Line containing >>one<< event: success

Forgets What It Heard
    Execute Command    emulation RunFor "0.025"
    Clear Terminal Tester Report
    ${next}=    Wait For Next Line On Uart
    Should Be Equal    ${next.Line}    heard 0320

Finds A UART Idle Between Two Lines
    Wait For Line On Uart    heard
    Test If Uart Is Idle    0.008    pauseEmulation=True
    ${next}=    Wait For Next Line On Uart
    Should Be Equal    ${next.Line}    heard 0160

Takes The Default Timeout
    Reset Emulation
    Set Default Uart Timeout    0.05
    Set Up Machine
    Create Terminal Tester    sysbus.uart0
    Start Emulation
    ${error}=    Run Keyword And Expect Error    *    Wait For Line On Uart    nothing
    Should Contain    ${error}    heard 0480
    Set Default Uart Timeout    8

Pauses Behind A Wait
    Wait For Line On Uart    two
    Execute Command    emulation RunFor "0.01"
    Execute Command    start
    ${said}=    Execute Command    start
    Should Contain    ${START_AGAIN}    ${said.strip()}
    Run Keyword And Expect Error    *    Execute Command    emulation RunFor "0.01"
    ${said}=    Execute Command    pause
    Should Be Equal    ${said.strip()}    Pausing emulation...

Reads And Writes Memory
    ${setting}=    Execute Command    sysbus GetSymbolAddress "setting"
    Should Match Regexp    ${setting.strip()}    ^0x[0-9A-F]{16}$
    ${printed}=    Execute Command    sysbus ReadDoubleWord ${setting.strip()}
    Should Be Equal    ${printed.strip()}    0x00000007
    ${address}=    Evaluate    int($setting, 16) + 4
    Execute Command    sysbus WriteDoubleWord ${address} 1234
    ${first}=    Wait For Next Line On Uart
    Should Be Equal    ${first.Line}    setting 1234

Begins Anew At A Reset
    Execute Command    emulation RunFor "0.055"
    ${once}=    Executed Instructions
    Execute Command    machine Reset
    ${none}=    Executed Instructions
    Should Be Equal As Integers    ${none}    0
    Execute Command    emulation RunFor "0.055"
    ${again}=    Executed Instructions
    Should Be Equal    ${again}    ${once}

Keeps Time And Lines Over A Reset
    Execute Command    emulation RunFor "0.055"
    Execute Command    machine Reset
    Execute Command    emulation RunFor "0.055"
    Wait For Line On Uart    heard 0640    timeout=0
    ${second}=    Wait For Line On Uart    heard 0000    timeout=0
    Should Be True    ${second.Timestamp} > 55

Provides A State
    Wait For Line On Uart    0160
    Provides    heard two buffers    Reexecution

Begins In A State
    Requires    heard two buffers
    ${next}=    Wait For Next Line On Uart
    Should Be Equal    ${next.Line}    heard 0320

Is Given Files
    ${first}=    Allocate Temporary File
    ${second}=    Allocate Temporary File
    File Should Be Empty    ${first}
    Should Not Be Equal    ${first}    ${second}

Refuses What It Does Not Have
    Run Keyword And Expect Error    *Could not execute command 'sysbus Foo'*    Execute Command    sysbus Foo
    Run Keyword And Expect Error    *    Execute Command    emulation RunFor 0.1
    Run Keyword And Expect Error    *    Execute Command    sysbus LoadELF @nothing.elf
    Run Keyword And Expect Error    *    Execute Command    sysbus GetSymbolAddress "nothing"
    Run Keyword And Expect Error    *Could not execute script*    Execute Script    nothing.resc
    Run Keyword And Expect Error    *Available peripherals*    Create Terminal Tester    sysbus.uart9
    Run Keyword And Expect Error    *with name x not found*    Create Terminal Tester    sysbus.uart0    machine=x
    Run Keyword And Expect Error    *ID=3 was not found*    Wait For Next Line On Uart    testerId=3
    Reset Emulation
    Run Keyword And Expect Error    *There are no testers available.*    Wait For Next Line On Uart


*** Keywords ***
Create Board
    [Documentation]    Sets the board up with a tester that pauses.
    Set Up Machine
    Create Terminal Tester    sysbus.uart0    timeout=1    defaultPauseEmulation=True

Set Up Machine
    [Documentation]    Sets the board up.
    Execute Command    $elf="${ELF}"
    Execute Command    $audio="${CLIP}"
    Execute Script    ${SCRIPT}

Executed Instructions
    [Documentation]    Returns the instructions since reset.
    ${printed}=    Execute Command    sysbus.cpu ExecutedInstructions
    RETURN    ${printed}
