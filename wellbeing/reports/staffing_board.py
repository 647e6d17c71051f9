def staffing_board(): return {}
