import '@fontsource-variable/archivo/wght.css'
