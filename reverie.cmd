@echo off
rem Runs Reverie on Windows on libtorch: builds the application if it is missing, and starts it. It needs JAVA_HOME to be
rem the folder of a JDK 25 or newer. Not tested yet.
rem
rem   reverie.cmd serve
rem
rem REVERIE_JAVA_OPTS  further options for Java, for example -Xmx4g; they override the options below
rem To build again after a change of the sources, delete the folder gpu\torch\target.
setlocal
set "home=%~dp0"
if not exist "%JAVA_HOME%\bin\javac.exe" (
    echo reverie: set JAVA_HOME to the folder of a JDK 25 or newer, for example from https://adoptium.net 1>&2
    exit /b 2
)
set "built=yes"
if not exist "%home%gpu\torch\target\lib" set "built="
if not exist "%home%deploy\target\reverie\lib\reverie.jar" set "built="
if not defined built (
    echo reverie: building; this downloads the dependencies ... 1>&2
    call "%home%mvnw.cmd" -B -ntp -q -f "%home%pom.xml" -Dmaven.test.skip=true -Dexec.skip=true -Dmaven.compiler.failOnWarning=false package 1>&2 || exit /b 1
)
if not defined OMP_NUM_THREADS set OMP_NUM_THREADS=1
if not defined OPENBLAS_NUM_THREADS set OPENBLAS_NUM_THREADS=1
"%JAVA_HOME%\bin\java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ^
    --add-exports java.base/jdk.internal.module=ALL-UNNAMED -XX:+UseSerialGC -Xmn200m -XX:SurvivorRatio=2 -XX:TargetSurvivorRatio=90 -Xmx1500m %REVERIE_JAVA_OPTS% ^
    -cp "%home%gpu\torch\target\lib\*;%home%deploy\target\reverie\lib\reverie.jar" dev.reverie.deploy.Reverie %*
exit /b %ERRORLEVEL%
