*** Settings ***
Documentation    What suites do that bring no firmware: a board in a text, instructions in a text, steps, registers and
...              what is typed into a UART. The same there and in Renode.


*** Variables ***
${BOARD}          SEPARATOR=\n
...               """
...               flash: Memory.MappedMemory @ sysbus 0x0 { size: 0x10000 }
...               ram: Memory.MappedMemory @ sysbus 0x20000000 { size: 0x10000 }
...               nvic: IRQControllers.NVIC @ sysbus 0xE000E000 { -> cpu@0 }
...               cpu: CPU.CortexM @ sysbus { cpuType: "cortex-m7"; nvic: nvic; PerformanceInMips: 100 }
...               """
${PORT}           "port: UART.STM32F7_USART @ sysbus 0x40011000 { frequency: 100000000 }"
${SECOND}         "second: UART.STM32F7_USART @ sysbus 0x40004400 { frequency: 100000000 }"

${SUM}            SEPARATOR=\n
...               """
...               ldr r0, =0x12345678
...               movs r1, #1
...               adds r2, r0, r1
...               b .
...               """

${PINS}           SEPARATOR=\n
...               """
...               pins: GPIOPort.STM32_GPIOPort @ sysbus <0x40020000, +0x400> { 5 -> light@0 }
...               light: Miscellaneous.LED @ pins 5
...               button: Miscellaneous.Button @ pins 0 { -> pins@0 }
...               """

${BUTTON_TO_LIGHT}    SEPARATOR=\n
...               """
...               ldr r0, =0x40020000
...               again:
...               ldr r1, [r0, #0x10]
...               and r1, r1, #1
...               lsls r1, r1, #5
...               ldr r2, [r0, #0x14]
...               bic r2, r2, #32
...               orr r1, r1, r2
...               str r1, [r0, #0x14]
...               b again
...               """

# Says a prompt in colour, and then sends what it receives, a line end behind a carriage return.
${SHELL}          SEPARATOR=\n
...               """
...               ldr r4, =0x40011000
...               movs r0, #13
...               str r0, [r4, #0]
...               adr r5, prompt
...               say:
...               ldrb r1, [r5], #1
...               cbz r1, echo
...               str r1, [r4, #0x28]
...               b say
...               echo:
...               ldr r0, [r4, #0x1C]
...               lsls r0, r0, #26
...               bpl echo
...               ldr r1, [r4, #0x24]
...               str r1, [r4, #0x28]
...               cmp r1, #13
...               bne echo
...               movs r1, #10
...               str r1, [r4, #0x28]
...               b echo
...               .balign 4
...               prompt:
...               .byte 27, '[', '3', '2', 'm', 's', 'h', '>', ' ', 27, '[', '0', 'm', 0
...               """


*** Test Cases ***
Steps Through Instructions
    Create Machine
    Execute Command    cpu AssembleBlock 0x100 ${SUM}
    Execute Command    cpu PC 0x100
    Execute Command    cpu ExecutionMode SingleStep
    Execute Command    cpu Step
    Register Should Be Equal    0    0x12345678
    PC Should Be Equal    0x102
    Execute Command    cpu Step 2
    ${sum}=    Execute Command    cpu GetRegister "R2"
    Should Be Equal As Integers    ${sum}    0x12345679
    Run Keyword And Expect Error    *value assertion failed*    Register Should Be Equal    R2    1
    Run Keyword And Expect Error    *value assertion failed*    PC Should Be Equal    0x100

Sets Registers Before The First Instruction
    Create Machine
    Execute Command    cpu AssembleBlock 0x100 "add r2, r0, r1"
    Execute Command    cpu PC 0x100
    Execute Command    cpu SP 0x20001000
    Execute Command    cpu SetRegister 0 5
    Execute Command    cpu SetRegister "R1" 0x10
    Execute Command    cpu ExecutionMode SingleStep
    Execute Command    cpu Step
    Register Should Be Equal    2    21
    Register Should Be Equal    SP    0x20001000

Begins Where The Vector Table Says
    Create Machine
    Execute Command    cpu AssembleBlock 0x200 ${SUM}
    Execute Command    cpu VectorTableOffset 0x1000
    Execute Command    sysbus WriteDoubleWord 0x1000 0x20000800
    Execute Command    sysbus WriteDoubleWord 0x1004 0x201
    Execute Command    emulation RunFor "0.001"
    PC Should Be Equal    0x206
    Register Should Be Equal    SP    0x20000800
    Execute Command    cpu VectorTableOffset 0x2000
    PC Should Be Equal    0x206
    ${table}=    Execute Command    cpu VectorTableOffset
    Should Be Equal As Integers    ${table}    0x2000

Has A Board In Several Texts
    Execute Command    mach create
    Execute Command    machine LoadPlatformDescriptionFromString ${BOARD}
    Execute Command    sysbus WriteDoubleWord 0x20000000 0xCAFEBABE
    Execute Command    machine LoadPlatformDescriptionFromString "more: Memory.MappedMemory @ sysbus 0x30000000 { size: 0x1000 }"
    ${kept}=    Execute Command    sysbus ReadDoubleWord 0x20000000
    Should Be Equal    ${kept.strip()}    0xCAFEBABE
    Execute Command    more WriteWord 2 0x1234
    ${byte}=    Execute Command    sysbus ReadByte 0x30000003
    Should Be Equal    ${byte.strip()}    0x12
    ${half}=    Execute Command    sysbus.more ReadWord 2
    Should Be Equal    ${half.strip()}    0x1234
    ${long}=    Execute Command    sysbus ReadQuadWord 0x20000000
    Should Be Equal    ${long.strip()}    0x00000000CAFEBABE

Reads Registers Of Devices
    Create Machine
    ${by_name}=    Execute Command    nvic ReadDoubleWord 0xD08
    ${by_address}=    Execute Command    sysbus ReadDoubleWord 0xE000ED08
    Should Be Equal    ${by_name}    ${by_address}
    Execute Command    nvic WriteDoubleWord 0x14 1000
    ${reload}=    Execute Command    sysbus ReadDoubleWord 0xE000E014
    Should Be Equal As Integers    ${reload}    1000

Types Into A UART
    Create Machine
    Execute Command    machine LoadPlatformDescriptionFromString ${PORT}
    Execute Command    cpu AssembleBlock 0x100 ${SHELL}
    Execute Command    cpu PC 0x100
    Create Terminal Tester    sysbus.port    timeout=1    defaultPauseEmulation=True
    ${prompt}=    Wait For Prompt On Uart    sh>
    Should Be Equal    ${prompt.Line.strip()}    sh>
    Write Line To Uart    hello there
    ${rest}=    Wait For Next Line On Uart
    Should Be Empty    ${rest.Line}
    Write To Uart    ab
    Write Char On Uart    c
    Send Key To Uart    0xD
    ${echo}=    Wait For Next Line On Uart
    Should Be Equal    ${echo.Line}    abc
    Write Line To Uart    unheard    waitForEcho=False
    ${begun}=    Wait For Line On Uart    unheard    includeUnfinishedLine=True
    Run Keyword And Expect Error    *Terminal tester failed!*    Wait For Prompt On Uart    nothing    timeout=0.01

Has A Tester For Each UART
    Create Machine
    Execute Command    machine LoadPlatformDescriptionFromString ${PORT}
    Execute Command    machine LoadPlatformDescriptionFromString ${SECOND}
    Execute Command    cpu AssembleBlock 0x100 ${SHELL}
    Execute Command    cpu PC 0x100
    ${first}=    Create Terminal Tester    sysbus.port    timeout=0.01    defaultPauseEmulation=True
    ${other}=    Create Terminal Tester    sysbus.second    timeout=0.01    defaultPauseEmulation=True
    Run Keyword And Expect Error    *more than one tester*    Wait For Prompt On Uart    sh>
    Wait For Prompt On Uart    sh>    testerId=${first}
    Set Default Tester    ${other}
    Run Keyword And Expect Error    *Terminal tester failed!*    Wait For Prompt On Uart    sh>


Sees A Light And Presses A Button
    Create Machine
    Execute Command    machine LoadPlatformDescriptionFromString ${PINS}
    Execute Command    cpu AssembleBlock 0x100 ${BUTTON_TO_LIGHT}
    Execute Command    cpu PC 0x100
    ${light}=    Create Led Tester    sysbus.pins.light
    Assert Led State    false
    Run Keyword And Expect Error    *LED assertion not met.*    Assert Led State    true    timeout=0.01
    Execute Command    pins.button Press
    Assert Led State    true    timeout=0.1    testerId=${light}    pauseEmulation=true
    Assert And Hold Led State    true    timeoutAssert=0.1    timeoutHold=0.1    pauseEmulation=true
    Execute Command    pins.button Toggle
    Set Default Led Timeout    0.1
    Run Keyword And Expect Error    *LED changed state.*    Assert And Hold Led State    true    0.1    0.1
    Assert And Hold Led State    false    timeoutAssert=0.1    timeoutHold=0.01
    Execute Command    pins.button PressAndRelease
    Assert Led State    false
    ${state}=    Execute Command    pins.light State
    Should Be Equal    ${state.strip()}    False
    Execute Command    pins OnGPIO 2 true
    ${levels}=    Execute Command    pins ReadDoubleWord 0x10
    Should Be Equal As Integers    ${levels.strip()}    4

Is Given Folders And Files
    ${folder}=    Allocate Temporary Directory    a-folder
    Directory Should Be Empty    ${folder}
    Should End With    ${folder}    a-folder
    Run Keyword And Expect Error    *    Download File    not an address

Includes A Description
    ${folder}=    Allocate Temporary Directory    descriptions
    Create File    ${folder}${/}board.repl    ram: Memory.MappedMemory @ sysbus 0x0 { size: 0x1000 }\n
    Execute Command    include @${folder}${/}board.repl
    Execute Command    machine LoadPlatformDescriptionFromString "nvic: IRQControllers.NVIC @ sysbus 0xE000E000 { -> cpu@0 }; cpu: CPU.CortexM @ sysbus { cpuType: \\"cortex-m0\\"; nvic: nvic }"
    Execute Command    ram WriteByte 3 7
    ${word}=    Execute Command    sysbus ReadDoubleWord 0
    Should Be Equal    ${word.strip()}    0x07000000
    ${said}=    Execute Command    echo "heard"
    Should Be Equal    ${said.strip()}    heard
    Execute Command    emulation Mode SynchronizedTimers
    Execute Command    Clear
    Run Keyword And Expect Error    *    Execute Command    ram ReadByte 3


*** Keywords ***
Create Machine
    [Documentation]    Makes a board with nothing in its memories.
    Execute Command    mach create
    Execute Command    machine LoadPlatformDescriptionFromString ${BOARD}
